"""Amazon orders become posted documents in 1C:Enterprise, each once and to the cent."""
