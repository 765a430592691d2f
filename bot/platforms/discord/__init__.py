"""How replies look on Discord. Drawing only: this version does not connect to Discord yet.

``render`` turns a reply into the bodies of Discord messages, as plain data within every limit named in ``limits``.
"""
