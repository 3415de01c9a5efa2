"""Clustered roles: where they run, when they start again, what is seen of the guests among them."""
