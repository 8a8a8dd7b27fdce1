"""What the function `admin` is made of."""
