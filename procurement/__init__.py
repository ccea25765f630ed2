"""From a request to a route to market, an exercise and an award."""
