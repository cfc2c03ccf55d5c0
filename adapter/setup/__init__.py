"""What an administrator runs first: settings and mapping are made, and compared with the infobase."""
