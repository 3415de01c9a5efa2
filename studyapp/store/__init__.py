"""What is remembered: answers, sittings and places in lessons. The only room that knows SQL.

Nothing is imported here: `errors` and `peek` are wanted where the store itself, which takes long to import, is not.
"""
