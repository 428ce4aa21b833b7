"""Where a student stands: chapters done and begun, the end of a chapter, the claims so far."""
