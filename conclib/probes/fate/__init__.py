"""Who falls with whom: hearts behind walls, pools and the locks that their dead held."""
