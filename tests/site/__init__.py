"""A loopback site of many hosts that publishes annual reports as several content systems do, oddities included.

Belongs here: what stands at every address (plan.py), its bytes (bodies.py), the server with its log (server.py).
Does not: fetching anything, or any expectation of a crawler beyond what can be had.

    python -m tests.site.server --hosts 200 --pages 20000 --log requests.jsonl
"""
