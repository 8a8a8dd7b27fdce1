"""Programs for people who run or develop it. Must not be needed by what is deployed."""
