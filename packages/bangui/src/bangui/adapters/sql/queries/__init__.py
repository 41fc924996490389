"""How the history is asked: each question as a few short walks along an index."""
