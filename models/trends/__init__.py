"""Questions about many students, and what is answered: no SQL, no student."""
