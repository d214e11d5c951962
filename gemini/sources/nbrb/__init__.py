"""Official exchange rates of the National Bank of Belarus: for a day, for a period, and amounts converted by them."""
