"""The only part that writes to the infobase: each write is recorded before it leaves and after it is answered."""
