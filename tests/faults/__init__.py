"""What goes wrong in the world, done to the real server: kills, signals, crowds that leave, an upstream that fails."""
