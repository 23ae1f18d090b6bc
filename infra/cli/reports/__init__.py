"""`rollcall report`: the papers that people hand in or like to use, a command each."""
