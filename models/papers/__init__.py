"""What goes into the papers that people hand in: counted by the contract's own functions, no I/O."""
