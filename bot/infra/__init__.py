"""How it reaches the world: databases, time, files. Each file is named as the port it serves."""
