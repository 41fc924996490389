"""A large history that looks like a real one: who attacks, when, and how often they come back."""
