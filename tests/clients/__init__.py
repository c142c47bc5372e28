"""Other people's clients, unchanged, against the local Amazon: Amazon's own, a strict one and a lenient one."""
