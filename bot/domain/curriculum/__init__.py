"""The roadmap everything hangs on: stages, topics, resources and the glossary, and finding things in them."""
