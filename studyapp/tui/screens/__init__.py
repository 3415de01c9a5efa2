"""One screen a file: each turns keys into what conducts a session, and what comes back into widgets."""
