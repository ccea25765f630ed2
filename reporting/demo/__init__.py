"""The demonstration: invented councils whose history is made by the services, day by day, under a moved clock."""
