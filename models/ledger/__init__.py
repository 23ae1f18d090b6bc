"""What is known: the live records of a district, and what follows from them at once."""
