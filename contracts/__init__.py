"""The contracts register and what happens after award."""
