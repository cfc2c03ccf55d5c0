"""Amazon's JSON, field for field, one module per version of an API. A wire model never leaves `adapter/amazon`."""
