"""What the numbers of this project rest on: `make bench` measures all of them in one run on one machine.

The server under test has one core to itself; load and Gemini's stand-in share the other. Every figure about streaming
is also taken from a bare relay (`relay.py`), which is the limit: the same upstream, no framework, nothing stored.
"""
