"""A lab of real TLS servers, a scripted one and hostile ones, all on the loopback of a network of its own."""
