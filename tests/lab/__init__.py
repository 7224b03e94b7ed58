"""A lab of real TLS servers, of a scripted one and of hostile ones, all on loopback addresses of a network of its own."""
