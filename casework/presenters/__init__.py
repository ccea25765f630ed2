"""What selectors read, put into the words of a page before it is drawn."""
