"""`rollcall demo`: a made-up district, its history and then its days, through the whole running system."""
