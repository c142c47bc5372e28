"""The example store, from outside and through the port."""
