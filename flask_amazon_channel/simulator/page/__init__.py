"""The small page at `/`: what the simulator knows, with buttons for what happens without the seller's client."""
