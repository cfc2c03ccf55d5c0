"""Who the buyer is and what was sold: pure functions over catalogs held in memory."""
