"""How fast the service is beside what the machine allows: `script/bench`."""
