"""The invented reference district and the script that writes it."""
