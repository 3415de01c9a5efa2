"""Who answers clients: services, and the hosts of NLB clusters with their port rules and loads."""
