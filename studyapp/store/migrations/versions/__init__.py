"""One module for each schema there has been."""
