"""Loopback stand-ins for the services we depend on. They speak the real wire protocols to the real clients."""
