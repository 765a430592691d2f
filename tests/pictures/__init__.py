"""Pictures for the documentation: what a bot sent to a fake Telegram and a fake Discord, drawn as people see it.

``python -m tests.pictures deploy/pictures`` holds a short conversation on each platform, turns the payloads that arrived back
into replies, draws those as the web chat does, and takes a picture of each page with headless Chromium.
"""
