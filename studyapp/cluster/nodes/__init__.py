"""The nodes of failover clusters: who belongs, who has votes, who may go on."""
