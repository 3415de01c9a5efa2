"""The full screen: what a person sees and does, with Textual."""
