"""People and where they meet: a person is not a platform account, and a community may have several places."""
