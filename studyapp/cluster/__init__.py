"""The cluster model: scenario and timeline in, trace and claims out. Pure; standard library only."""
