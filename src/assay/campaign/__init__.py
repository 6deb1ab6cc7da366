"""A study trained until its claims are decided: seed by seed, for open claims only."""

from assay.campaign.campaign import Campaign, CampaignEnd, deciding_profile
from assay.campaign.limits import Limits, budget_seconds

__all__ = ["Campaign", "CampaignEnd", "Limits", "budget_seconds", "deciding_profile"]
