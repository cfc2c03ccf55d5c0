"""What administrators decide: which order becomes which document, in YAML, checked before anything is written."""
