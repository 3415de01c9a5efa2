"""Why a claim has its value: the events, rules and settings that decide it, in sentences."""
