from __future__ import annotations


# until frequencies come
def background(sound: str) -> float:
    return -15.0
