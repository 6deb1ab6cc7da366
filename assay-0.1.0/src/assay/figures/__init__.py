"""Figures: functions that draw given numbers and change none of them."""
