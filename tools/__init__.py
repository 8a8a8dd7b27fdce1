"""Programs for people who run or develop Unbroken; none of them is deployed with the functions."""
