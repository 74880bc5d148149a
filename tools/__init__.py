"""Tools for who works on this project; none of them is part of the package."""
