"""What leaves the house: letter, data copy, package, seal, reports. Never the network."""
